import RDKafka
import Testing

@testable import SwiftwaterKafka

struct DeliveryLedgerTests {
    @Test func `a commit knows what is unanswered and how far each changelog is`() {
        var ledger = DeliveryLedger()
        let slot = ledger.addSlot()
        for _ in 0..<3 { ledger.sent() }
        ledger.delivered(slot: slot, offset: 5, code: nil)
        ledger.delivered(slot: slot, offset: 4, code: nil)
        #expect(ledger.pending == 1)
        #expect(ledger.acknowledged[slot] == 5)
        ledger.delivered(slot: nil, offset: 90, code: nil)
        #expect(ledger.pending == 0)
        #expect(ledger.acknowledged[slot] == 5)
    }

    @Test func `a success without an offset makes the end unknown until the next commit, and never offset 0`() {
        var ledger = DeliveryLedger()
        let slot = ledger.addSlot()
        ledger.sent()
        ledger.delivered(slot: slot, offset: -1, code: nil)
        #expect(ledger.unknown == [slot])
        #expect(ledger.acknowledged[slot] == -1)
        ledger.settle()
        #expect(ledger.unknown.isEmpty)
    }

    @Test func `the first failure is kept, and what the owner gave up is none`() {
        var ledger = DeliveryLedger()
        for _ in 0..<3 { ledger.sent() }
        ledger.delivered(slot: nil, offset: -1, code: .purgedFromQueue)
        #expect(ledger.failure == nil)
        ledger.delivered(slot: nil, offset: -1, code: .messageTimedOut)
        ledger.delivered(slot: nil, offset: -1, code: .unknownTopicOrPartition)
        #expect(ledger.failure == .messageTimedOut)
        #expect(ledger.pending == 0)
    }
}
