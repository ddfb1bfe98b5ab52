"""The embedded workload, a program of its own: real protocol stacks on loopback, under load that is verified.

``python -m stresstui.lab NAME`` runs a Session: it opens a Testbed (workspace, crew), lets a protocol build its Tunnels
there and proves each with a round trip; a load strategy loads them (``driven_load``) or leaves that to other programs
(``tunnel_service``). It reports on standard output (``process.announce``). Driver and echo target are recorded but not
judged; everything between them is the system under test.
"""
