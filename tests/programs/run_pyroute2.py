"""pyroute2 creates a network namespace, and configures and lists its interfaces."""

import os

from pyroute2 import IPRoute, NetNS, netns

NAME = f"csocket-{os.getpid()}"

try:
    with NetNS(NAME, flags=os.O_CREAT) as space:
        space.link("add", ifname="d0", kind="veth", peer={"ifname": "d1"})
        (index,) = space.link_lookup(ifname="d0")
        space.addr("add", index=index, address="192.0.2.1", prefixlen=24)
        space.link("set", index=index, state="up")
        for link in space.get_links():
            print("link in the namespace:", link.get_attr("IFLA_IFNAME"))
        for address in space.get_addr(index=index, family=2):
            print("address in the namespace:", address.get_attr("IFA_ADDRESS"))
finally:
    netns.remove(NAME)
with IPRoute() as here:
    print("links outside:", [link.get_attr("IFLA_IFNAME") for link in here.get_links()])
    print("the namespace is gone:", NAME not in netns.listnetns())
