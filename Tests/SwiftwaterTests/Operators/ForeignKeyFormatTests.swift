import Testing

@testable import Swiftwater

@Suite struct ForeignKeyFormatTests {
    /// Published results of the 128-bit variant for 64-bit machines, with a seed of 123 (Apache Hive's and Kafka's tests).
    static let hashes: [(text: String, first: Int64, second: Int64)] = [
        ("21", 5_857_341_059_704_281_894, -5_288_187_638_297_930_763),
        ("foobar", -351_361_463_397_418_609, 8_959_716_011_862_540_668),
        ("a-little-bit-long-string", 8_836_256_500_583_638_442, -198_172_363_548_498_523),
        ("a-little-bit-longer-string", 1_838_346_159_335_108_511, 8_794_688_210_320_490_705),
        (
            "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -4_024_021_876_037_397_259,
            -1_482_317_706_335_141_238
        ),
        ("abc", 1_489_494_923_063_836_066, -5_440_978_547_625_122_829),
    ]

    @Test(arguments: hashes)
    func `S-84 F-08 the hash of a left value is Murmur3 in 128 bits`(text: String, first: Int64, second: Int64) {
        let hash = Array(text.utf8).withUnsafeBytes { ValueHash(of: $0, seed: 123) }
        #expect(hash == ValueHash(first: UInt64(bitPattern: first), second: UInt64(bitPattern: second)))
    }

    @Test func `F-08 a hash of every length of rest differs from the others`() {
        let bytes = Array(0..<64 as Range<UInt8>)
        let hashes = Set((0...64).map { length in bytes.prefix(length).withUnsafeBytes { ValueHash(of: $0) } })
        #expect(hashes.count == 65)
    }

    private static let hash = ValueHash(first: 1, second: 0x0203)
    private static let hashBytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 3]

    @Test func `F-08 a subscription is version, instruction, hash, key and partition`() throws {
        let serde = Subscription.serde(Serde.string)
        let bytes = try serde.serialize(
            Subscription(hash: Self.hash, instruction: .subscribeAndTell, primaryKey: "pk", primaryPartition: 7))
        #expect(bytes == [1, 2] + Self.hashBytes + Array("pk".utf8) + [0, 0, 0, 7])
        let read = try serde.deserialize(bytes)
        #expect(read.hash == Self.hash)
        #expect(read.instruction == .subscribeAndTell)
        #expect(read.primaryKey == "pk")
        #expect(read.primaryPartition == 7)
    }

    @Test func `F-08 the first bit of a subscription says that there is no hash`() throws {
        let serde = Subscription.serde(Serde.string)
        let bytes = try serde.serialize(
            Subscription(hash: nil, instruction: .unsubscribeAndTell, primaryKey: "", primaryPartition: 258))
        #expect(bytes == [0x81, 1, 0, 0, 1, 2])
        let read = try serde.deserialize(bytes)
        #expect(read.hash == nil)
        #expect(read.primaryKey == "")
        #expect(read.primaryPartition == 258)
    }

    @Test func `F-08 a subscription of version 0 has no partition and is kept as it is`() throws {
        let serde = Subscription.serde(Serde.string)
        let bytes: [UInt8] = [0, 3] + Self.hashBytes + Array("pk".utf8)
        let read = try serde.deserialize(bytes)
        #expect(read.primaryPartition == nil)
        #expect(read.primaryKey == "pk")
        #expect(read.instruction == .subscribe)
        #expect(try serde.serialize(read) == bytes)
    }

    @Test(arguments: [
        [], [1], [2, 0, 0, 0, 0, 0], [1, 4, 0], [1, 0, 1, 2, 3], [0x81, 0, 1, 2], [1, 0] + hashBytes + [0, 0, 0],
    ])
    func `F-08 what is no subscription is refused`(bytes: [UInt8]) {
        #expect(throws: SerdeError.self) { try Subscription.serde(Serde.string).deserialize(bytes) }
    }

    @Test func `F-08 a response is version, hash and value`() throws {
        let serde = SubscriptionResponse.serde(Serde.string)
        let bytes = try serde.serialize(SubscriptionResponse(hash: Self.hash, value: "v", primaryPartition: 9))
        #expect(bytes == [0] + Self.hashBytes + Array("v".utf8))
        let read = try serde.deserialize(bytes)
        #expect(read.hash == Self.hash)
        #expect(read.value == "v")
        #expect(read.primaryPartition == nil)
        let empty = try serde.serialize(SubscriptionResponse(hash: nil, value: nil, primaryPartition: 9))
        #expect(empty == [0x80])
        #expect(try serde.deserialize(empty).value == nil)
        #expect(try serde.deserialize(empty).hash == nil)
    }

    @Test(arguments: [[], [1], [0, 1, 2]]) func `F-08 what is no response is refused`(bytes: [UInt8]) {
        #expect(throws: SerdeError.self) { try SubscriptionResponse.serde(Serde.string).deserialize(bytes) }
    }

    @Test func `F-07 a combined key is the foreign key's length, the foreign key and the left key`() throws {
        let keys = CombinedKey(Serde.string, Serde.string, topic: "t")
        #expect(try keys.withBytes("fk", "p") { Array($0) } == [0, 0, 0, 2] + Array("fkp".utf8))
        #expect(try keys.prefix("fk") == [0, 0, 0, 2] + Array("fk".utf8))
    }

    @Test func `S-86 F-07 a scan gives the subscriptions of one foreign key, whatever stands beside them`() throws {
        let fixture = StoreFixture(.timestampedKeyValue)
        let store = SubscriptionStore(fixture.bytes, Serde<[UInt8]>.bytes, Serde<[UInt8]>.bytes, topic: "t")
        let foreignKeys: [[UInt8]] = [[], [0], [1], [0xff], [1, 0], [0xff, 0xff], [0xff, 0xff, 0xff], [2]]
        let primaryKeys: [[UInt8]] = [[], [0], [0xff], [0xff, 0xff], [7]]
        for foreignKey in foreignKeys {
            for primaryKey in primaryKeys {
                try store.put(
                    Subscription(hash: nil, instruction: .subscribe, primaryKey: primaryKey, primaryPartition: 0),
                    to: foreignKey,
                    at: 5
                )
            }
        }
        try store.remove([7], from: [1], at: 6)
        for foreignKey in foreignKeys {
            var found: [[UInt8]] = []
            try store.forEach(of: foreignKey) { key, _ in found.append(key) }
            #expect(
                found
                    == (foreignKey == [1] ? [[], [0], [0xff], [0xff, 0xff]] : [[], [0], [7], [0xff], [0xff, 0xff]]))
        }
    }
}
