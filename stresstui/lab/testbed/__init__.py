"""The folder, ports, certificates and children of one lab run."""
