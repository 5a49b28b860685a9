# pragma version ~=0.4.0
# pragma evm-version paris
"""
@title Roots of one transparency log
@notice The log's writers add the root of each checkpoint; sizes only grow; nothing is ever changed. Anybody reads.
"""

struct Anchored:
    root: bytes32
    at: uint256

event Added:
    size: indexed(uint256)
    root: bytes32
    writer: indexed(address)

origin: public(immutable(String[200]))
owner: public(immutable(address))
writers: public(HashMap[address, bool])
latest: public(uint256)
anchored: public(HashMap[uint256, Anchored])


@deploy
def __init__(origin_: String[200]):
    origin = origin_
    owner = msg.sender
    self.writers[msg.sender] = True


@external
def allow(writer: address, allowed: bool):
    assert msg.sender == owner, "only the owner names writers"
    self.writers[writer] = allowed


@external
def add(size: uint256, root: bytes32):
    assert self.writers[msg.sender], "only a writer adds"
    assert size > self.latest, "the log only grows"
    self.latest = size
    self.anchored[size] = Anchored(root=root, at=block.timestamp)
    log Added(size=size, root=root, writer=msg.sender)
