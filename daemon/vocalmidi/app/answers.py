"""What the user is told of a command, in one line.

Comes in: what was said while it was carried out. Goes out: receipts, no longer than a message may be.
"""

from dataclasses import replace

from vocalmidi.reaper import MAX_TEXT, BridgeCommand, ReceiptStatus, WriteReceipt


def answered(command: BridgeCommand, said: str, status: ReceiptStatus = ReceiptStatus.OK) -> WriteReceipt:
    """Return the answer to a command: one line, no longer than a message may be."""
    return WriteReceipt(command.command_id, status, " ".join(said.split())[:MAX_TEXT])


def summed_up(command: BridgeCommand, written: list[WriteReceipt]) -> WriteReceipt:
    """Return what became of a command in one line: the last result, and how many takes before it went well."""
    last = written[-1]
    if len(written) == 1:
        return replace(last, request_id=command.command_id)
    pieces = f"the transport jumped, so it is written in {len(written)} pieces"
    if last.status is not ReceiptStatus.OK:
        pieces = f"{len(written) - 1} pieces of it are written, the next is not"
    return answered(command, f"{pieces}: {last.message}", last.status)
