"""The embedded workload, a program of its own: real protocol stacks on loopback, under load that is verified.

``python -m stresstui.lab NAME`` runs a Session: it opens a Testbed (private folder, ports, children), lets a protocol
build its Tunnels there, proves each with a round trip, loads each with a Driver, and reports on standard output
(``contract``). Driver and echo target are recorded but not judged; everything between them is the system under test.
"""
