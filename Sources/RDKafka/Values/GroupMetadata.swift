/// A member's identity in one generation of its group: what fences the offsets it sends in a transaction.
///
/// Taken when partitions are assigned and used for that generation only. Read from librdkafka's serialised form, since
/// 2.x gives the generation in no other way.
package struct GroupMetadata: Hashable, Sendable {
    package var groupID: String
    package var generation: Int32
    package var memberID: String
    package var instanceID: String?

    package init(groupID: String, generation: Int32, memberID: String, instanceID: String? = nil) {
        self.groupID = groupID
        self.generation = generation
        self.memberID = memberID
        self.instanceID = instanceID
    }

    /// Whether a broker would check it. One without generation or member is accepted by brokers while others are active.
    package var isFencing: Bool { generation >= 0 && !memberID.isEmpty }
}

extension GroupMetadata {
    /// `CGMDv2:`, generation in the machine's byte order, group, member, whether the instance is null, instance; texts end in zero.
    package init?(serialized bytes: [UInt8]) {
        let magic = Array("CGMDv2:".utf8)
        guard bytes.starts(with: magic), bytes.count >= magic.count + 4 else { return nil }
        var rest = bytes[(magic.count + 4)...]
        let number = bytes[magic.count..<magic.count + 4]
        func text() -> String? {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        #if _endian(little)
            let generation = number.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #else
            let generation = number.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #endif
        guard let groupID = text(), let memberID = text(), let isNull = rest.popFirst() else { return nil }
        var instanceID: String?
        if isNull == 0 {
            guard let instance = text() else { return nil }
            instanceID = instance
        }
        self.init(
            groupID: groupID, generation: Int32(bitPattern: generation), memberID: memberID, instanceID: instanceID)
    }
}
