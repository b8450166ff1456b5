"""A real single-node Kubernetes that lives in namespaces of its own.

Network, mounts and processes are private to the cluster, so that no packet leaves it, what it
mounts is seen by nobody else, and ending its first process ends all of it.
"""
