/// State that is ahead of the group's offsets: records would be counted twice that are read again (Design/Runtime.md).
package struct OffsetGap: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The group has no offset any more.
        case gone
        /// The group's offset is lower than the state's.
        case setBack(to: Int64)
    }

    package var input: TopicPartition
    /// The state holds the effects of all records before it.
    package var kept: Int64
    package var kind: Kind

    /// The first input of which the state knows more than the group; nil if there is none.
    ///
    /// - Parameters:
    ///   - found: where each input begins.
    ///   - uncommitted: the inputs of which the group has no offset.
    package static func first(
        in checkpoint: TaskCheckpoint, found: [TopicPartition: Int64], uncommitted: Set<TopicPartition>
    ) -> OffsetGap? {
        for (input, kept) in checkpoint.inputOffsets.sorted(by: { $0.key < $1.key }) where kept > 0 {
            guard let offset = found[input] else { continue }
            if uncommitted.contains(input) { return OffsetGap(input: input, kept: kept, kind: .gone) }
            if offset < kept { return OffsetGap(input: input, kept: kept, kind: .setBack(to: offset)) }
        }
        return nil
    }
}
