internal import Swiftwater

/// What travels with a record through librdkafka and comes back in its report: which task sent it, and where its offset is kept.
///
/// Sixteen bits sub-topology, twenty-four partition, twenty-four slot; the last is 0 where nobody asks for the offset.
struct DeliveryToken {
    let rawValue: UInt64

    /// The task that sends, as bits.
    struct Sender {
        fileprivate let bits: UInt64

        init() { bits = 0 }

        init(_ task: TaskID) {
            bits =
                UInt64(UInt16(truncatingIfNeeded: task.subtopology)) << 48
                | UInt64(UInt32(bitPattern: task.partition) & 0xff_ffff) << 24
        }

        fileprivate init(bits: UInt64) { self.bits = bits }

        var task: TaskID {
            TaskID(subtopology: Int(bits >> 48), partition: Int32((bits >> 24) & 0xff_ffff))
        }
    }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(sender: Sender, slot: Int?) {
        rawValue = sender.bits | (slot.map { UInt64($0 + 1) & 0xff_ffff } ?? 0)
    }

    var sender: Sender { Sender(bits: rawValue & ~0xff_ffff) }

    var slot: Int? {
        let slot = Int(rawValue & 0xff_ffff)
        return slot == 0 ? nil : slot - 1
    }
}
