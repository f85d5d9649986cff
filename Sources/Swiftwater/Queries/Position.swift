/// How far the inputs of stores had been processed: by partition, the offset of the last record whose effects are in (KIP-796).
///
/// Offsets are those that a producer is told: a query that asks for at least the offset of one's own record sees its effect or
/// fails. Positions only grow as records are processed.
public struct Position: Sendable, Hashable {
    /// By input partition: the offset of the last record that counts.
    public var offsets: [TopicPartition: Int64]

    /// A position from the offsets of last records.
    public init(_ offsets: [TopicPartition: Int64] = [:]) {
        self.offsets = offsets
    }

    /// The position of stores whose inputs go on at some offsets.
    package init(next: [TopicPartition: Int64]) {
        offsets = next.filter { $0.value > 0 }.mapValues { $0 - 1 }
    }

    /// The later of both in each partition.
    public func merging(_ other: Position) -> Position {
        Position(offsets.merging(other.offsets, uniquingKeysWith: max))
    }

    /// Takes the later of both in each partition.
    public mutating func merge(_ other: Position) {
        self = merging(other)
    }

    /// Whether a store has come as far as `bound` asks of its inputs: those of its partition, or of all if it has all (nil).
    func hasReached(_ bound: Position, in partition: Int32?) -> Bool {
        bound.offsets.allSatisfy { input, offset in
            partition != nil && input.partition != partition || (offsets[input] ?? -1) >= offset
        }
    }
}

extension Position: CustomStringConvertible {
    /// The partitions in order, such as `orders-0@17, orders-1@4`.
    public var description: String {
        offsets.sorted { $0.key < $1.key }.map { "\($0.key)@\($0.value)" }.joined(separator: ", ")
    }
}
