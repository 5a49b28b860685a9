"""Anchoring: witnesses by default, and the contract on an EVM chain in memory."""

import io

import pytest
from django.core.management import CommandError, call_command

from renshe.kernel.ledger import actions, anchors, note
from renshe.kernel.ledger.models import Anchoring, Checkpoint
from tests.kernel.ledger.test_sequencer import write

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("anchors"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"), pytest.mark.filterwarnings("ignore::UserWarning"),
]
CHAIN = {}


class OnChain:
    """The means as RENSHE_ANCHORS would name it, on the test's chain."""

    def __new__(cls):
        return CHAIN["anchor"]


@pytest.fixture
def chain(settings):
    """A chain in memory with the contract on it."""
    eth_tester = pytest.importorskip("eth_tester", reason="needs the dependency group anchors")
    from eth_account import Account
    from web3 import EthereumTesterProvider, Web3

    from renshe.kernel.ledger.anchors.contract import compiled
    from renshe.kernel.ledger.anchors.evm import INTERFACE, Evm

    made = compiled()
    assert made["abi"] == INTERFACE, "checkpoint_anchor.json is not the interface of checkpoint_anchor.vy"
    backend = eth_tester.EthereumTester(eth_tester.PyEVMBackend())
    web3 = Web3(EthereumTesterProvider(backend))
    writer = Account.create()
    web3.eth.wait_for_transaction_receipt(web3.eth.send_transaction(
        {"from": web3.eth.accounts[0], "to": writer.address, "value": 10**19}
    ))
    anchor = Evm(web3, secret=writer.key.hex())
    anchor.deploy(made["bytecode"])
    CHAIN["anchor"] = anchor
    settings.RENSHE_ANCHORS = [f"{__name__}.OnChain"]
    yield web3
    CHAIN.clear()


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("ledger", *words, stdout=out)
    return out.getvalue()


def test_a_checkpoint_is_anchored_in_the_contract_and_confirmed(chain, client):
    write(5)
    actions.sequence()
    assert "EVM合约 0x" in said("anchor") and "没有新的" in said("anchor")
    assert "收下同一根哈希" in said("confirm", "5")
    write(5, start=5)
    actions.sequence()
    assert anchors.anchor_latest(every=3600) == [] and len(anchors.anchor_latest()) == 1
    assert Anchoring.objects.get(checkpoint__size=10).reference in client.get("/open/ledger/checkpoints/10").content.decode()
    Checkpoint.objects.filter(size=5).update(root=bytes(32))  # the log changes its story
    with pytest.raises(CommandError, match="根哈希与检查点不同"):
        said("confirm", "5")
    with pytest.raises(CommandError, match="没有锚定过"):
        said("confirm", "7")


def test_the_contract_only_grows_and_only_its_writers_write(chain):
    from eth_account import Account
    from eth_tester.exceptions import TransactionFailed

    from renshe.kernel.ledger.anchors.evm import Evm

    anchor = CHAIN["anchor"]
    anchor.publish(10, b"r" * 32)
    assert anchor.publish(10, b"r" * 32) == ""  # said twice: stands already
    for size in (10, 9):
        with pytest.raises((anchors.Unanchored, TransactionFailed)):
            anchor.publish(size, b"s" * 32)
    stranger = Account.create()
    chain.eth.wait_for_transaction_receipt(chain.eth.send_transaction(
        {"from": chain.eth.accounts[0], "to": stranger.address, "value": 10**18}
    ))
    with pytest.raises((anchors.Unanchored, TransactionFailed)):
        Evm(chain, anchor.address, stranger.key.hex()).publish(11, b"t" * 32)
    assert anchor.contract.functions.latest().call() == 10
    with pytest.raises(anchors.Unanchored, match="没有11条"):
        anchor.confirm(11, b"t" * 32, "")
    for bare, words in ((Evm(chain), "合约地址"), (Evm(chain, anchor.address), "私钥")):
        with pytest.raises(anchors.Unanchored, match=words):
            bare.publish(12, b"t" * 32)
    found = anchor.contract.events.Added().get_logs(from_block=0)
    assert [(one["args"]["size"], one["args"]["root"]) for one in found] == [(10, b"r" * 32)]


def test_witnesses_are_the_means_by_default(settings):
    write(3)
    actions.sequence()
    assert anchors.anchor_latest() == []  # nobody has cosigned yet
    witness = actions.register_witness(label="市总工会", key=A_WITNESS, address="https://union.example", by="1")
    Checkpoint.objects.get().cosignatures.create(witness=witness, line="— u x\n", at="2026-11-24T00:00:00Z")
    assert [one.reference for one in anchors.anchor_latest()] == ["市总工会"]
    assert "1家见证：市总工会" in said("confirm", "3")


A_WITNESS = note.key_text("union.example/w", note.COSIGNATURE, bytes(32))


def test_a_node_inside_the_network_is_called_only_when_it_is_named(settings, monkeypatch):
    pytest.importorskip("web3", reason="needs the dependency group anchors")
    from renshe.kernel.ledger.anchors.evm import Evm

    monkeypatch.setenv("RENSHE_EVM_RPC", "http://192.168.1.5:8545")
    settings.RENSHE_OUTGOING = []
    with pytest.raises(anchors.Unanchored, match="RENSHE_OUTGOING"):
        Evm()
    settings.RENSHE_OUTGOING = ["192.168.1.5"]
    assert Evm().web3.provider.endpoint_uri == "http://192.168.1.5:8545"
