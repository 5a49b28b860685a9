"""Anchoring in a contract on an EVM chain (FISCO BCOS is one). Needs the dependency group `anchors`.

Reads RENSHE_EVM_RPC (the node), RENSHE_EVM_CONTRACT (the contract's address), RENSHE_EVM_KEY (the writer's secret).
"""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from eth_account import Account
from web3 import Web3
from web3.exceptions import Web3Exception

from renshe.kernel.ledger.anchors import Unanchored
from renshe.kernel.store import outgoing

SOURCE = Path(__file__).with_name("checkpoint_anchor.vy")
INTERFACE = json.loads(Path(__file__).with_name("checkpoint_anchor.json").read_text(encoding="utf-8"))
WAIT = 60  # seconds for a transaction to be taken


def _node(address: str) -> Web3.HTTPProvider:
    """The way to the node, under the rule for all that the platform calls. Raises Unanchored."""
    try:
        outgoing.check(address)
    except outgoing.Forbidden as fault:
        raise Unanchored(f"RENSHE_EVM_RPC：{fault}") from None
    return Web3.HTTPProvider(address, request_kwargs={"timeout": WAIT, "allow_redirects": False})


class Evm:
    """The contract of this log. `web3` and `address` may be given; otherwise the environment names them."""

    means = "EVM合约"

    def __init__(self, web3: Web3 | None = None, address: str = "", secret: str = "") -> None:
        self.web3 = web3 or Web3(_node(os.environ.get("RENSHE_EVM_RPC", "http://127.0.0.1:8545")))
        self.address = address or os.environ.get("RENSHE_EVM_CONTRACT", "")
        self._secret = secret or os.environ.get("RENSHE_EVM_KEY", "")

    @cached_property
    def contract(self) -> Any:
        if not self.address:
            raise Unanchored("没有设置合约地址 RENSHE_EVM_CONTRACT")
        return self.web3.eth.contract(address=Web3.to_checksum_address(self.address), abi=INTERFACE)

    @property
    def _account(self) -> Any:
        if not self._secret:
            raise Unanchored("没有设置写入账户的私钥 RENSHE_EVM_KEY")
        return Account.from_key(self._secret)

    def deploy(self, bytecode: str) -> str:
        """Put the contract on the chain; returns its address. Raises Unanchored."""
        made = self.web3.eth.contract(abi=INTERFACE, bytecode=bytecode).constructor(settings.RENSHE_ORIGIN)
        self.address = str(self._send(made)["contractAddress"])
        return self.address

    def publish(self, size: int, root: bytes) -> str:
        """The transaction that added the root; empty when it stood there already. Raises Unanchored."""
        try:
            if self._standing(size) == root:
                return ""
            return str(Web3.to_hex(self._send(self.contract.functions.add(size, root))["transactionHash"]))
        except (Web3Exception, OSError) as fault:
            raise Unanchored(f"合约没有收下：{fault}"[:300]) from None

    def confirm(self, size: int, root: bytes, reference: str) -> str:
        """What the contract holds. Raises Unanchored when it is another root or none."""
        try:
            found, at = self.contract.functions.anchored(size).call()
            origin = self.contract.functions.origin().call()
        except (Web3Exception, OSError) as fault:
            raise Unanchored(f"读不到合约：{fault}"[:300]) from None
        if origin != settings.RENSHE_ORIGIN:
            raise Unanchored(f"合约属于另一账本 {origin}")
        if found != root:
            raise Unanchored(f"合约里{size}条的根哈希与检查点不同" if any(found) else f"合约里没有{size}条的根哈希")
        return f"合约 {self.address} 在区块时间 {at} 收下同一根哈希，交易 {reference or '（此前已有）'}"

    def _standing(self, size: int) -> bytes:
        return bytes(self.contract.functions.anchored(size).call()[0])

    def _send(self, call: Any) -> Any:
        account = self._account
        built = call.build_transaction({
            "from": account.address, "nonce": self.web3.eth.get_transaction_count(account.address),
            "chainId": self.web3.eth.chain_id, "gasPrice": self.web3.eth.gas_price,
        })
        sent = self.web3.eth.send_raw_transaction(account.sign_transaction(built).raw_transaction)
        receipt = self.web3.eth.wait_for_transaction_receipt(sent, timeout=WAIT)
        if receipt["status"] != 1:
            raise Unanchored(f"交易被退回：{Web3.to_hex(sent)}")
        return receipt
