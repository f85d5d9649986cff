import Testing

@testable import Swiftwater

@Suite struct SerdeVersionsTests {
    private struct First: Codable, Equatable {
        var euros: Int64
    }

    private struct Second: Codable, Equatable {
        var cents: Int64
    }

    private struct Third: Codable, Equatable, Evolving {
        var cents: Int64
        var currency: String

        static func migrate(from previous: Second) -> Third {
            Third(cents: previous.cents, currency: "EUR")
        }
    }

    private struct Negative: Error {}

    private static let first = SerdeVersions(.json(First.self))
    private static let second = first.next(.json(Second.self)) {
        if $0.euros < 0 { throw Negative() }
        return Second(cents: $0.euros * 100)
    }
    private static let third = second.next(.json(Third.self))

    @Test func `X-16 the number of the form stands before the payload`() throws {
        #expect(try Self.first.serde.serialize(First(euros: 5)) == [1] + Array(#"{"euros":5}"#.utf8))
        #expect(try Self.second.serde.serialize(Second(cents: 5)) == [2] + Array(#"{"cents":5}"#.utf8))
        let numbered = SerdeVersions(.int16, version: 300).serde
        #expect(hex(try numbered.serialize(7)) == "ac 02 00 07")
        #expect(try numbered.deserialize(bytes("ac 02 00 07")) == 7)
    }

    @Test func `X-16 every older form is read through all steps between`() throws {
        let serde = Self.third.serde
        let old = try Self.first.serde.serialize(First(euros: 5))
        let middle = try Self.second.serde.serialize(Second(cents: 7))
        #expect(try serde.deserialize(old) == Third(cents: 500, currency: "EUR"))
        #expect(try serde.deserialize(middle) == Third(cents: 7, currency: "EUR"))
        let new = Third(cents: 1, currency: "CHF")
        #expect(try serde.deserialize(try serde.serialize(new)) == new)
    }

    @Test func `X-16 a form may have another format`() throws {
        let serde = SerdeVersions(.string).next(.int64) { Int64($0) ?? 0 }.serde
        #expect(try serde.deserialize([1] + Array("42".utf8)) == 42)
        #expect(hex(try serde.serialize(42)) == "02 00 00 00 00 00 00 00 2a")
    }

    @Test func `X-16 a newer form is an error that says who is behind`() throws {
        let new = try Self.third.serde.serialize(Third(cents: 1, currency: "CHF"))
        #expect(throws: SerdeVersionError(.newer, found: 3, readable: 1...2, type: "Second")) {
            try Self.second.serde.deserialize(new)
        }
        let text = "\(SerdeVersionError(.newer, found: 3, readable: 1...2, type: "Second"))"
        #expect(text.contains("version 3 is newer") && text.contains("versions 1 to 2"))
    }

    @Test func `X-16 a form that was dropped is an error, those after it are read`() throws {
        let serde = SerdeVersions(.json(Second.self), version: 2).next(.json(Third.self)).serde
        #expect(throws: SerdeVersionError(.retired, found: 1, readable: 2...3, type: "Third")) {
            try serde.deserialize(try Self.first.serde.serialize(First(euros: 5)))
        }
        let middle = try Self.second.serde.serialize(Second(cents: 7))
        #expect(try serde.deserialize(middle) == Third(cents: 7, currency: "EUR"))
    }

    @Test func `X-16 a step that throws, a broken payload and a broken number are errors`() {
        #expect(throws: Negative.self) {
            try Self.third.serde.deserialize(try Self.first.serde.serialize(First(euros: -1)))
        }
        #expect(throws: (any Error).self) { try Self.third.serde.deserialize([1, 0x7b]) }
        for broken in ["", "80", "ff ff ff ff ff ff ff ff ff ff", "ff ff ff ff ff ff ff ff ff 02", "00"] {
            #expect(throws: (any Error).self) { try Self.third.serde.deserialize(bytes(broken)) }
        }
        #expect(throws: SerdeVersionError.self) {
            try Self.third.serde.deserialize(bytes("ff ff ff ff ff ff ff ff ff 01"))
        }
    }

    @Test func `X-16 values from before there were numbers are the first form`() throws {
        let bare = SerdeVersions(unmarked: .json(First.self))
        let old = Array(#"{"euros":5}"#.utf8)
        #expect(try bare.serde.serialize(First(euros: 5)) == old)
        #expect(try bare.serde.deserialize(old) == First(euros: 5))

        let serde = bare.next(.json(Second.self)) { Second(cents: $0.euros * 100) }.serde
        #expect(try serde.deserialize(old) == Second(cents: 500))
        let new = try serde.serialize(Second(cents: 5))
        #expect(new == [0, 2] + Array(#"{"cents":5}"#.utf8))
        #expect(try serde.deserialize(new) == Second(cents: 5))
        #expect(throws: SerdeVersionError(.newer, found: 2, readable: 1...1, type: "First")) {
            try bare.serde.deserialize(new)
        }
    }

    @Test func `X-16 nil stays null, and a key is refused`() throws {
        let serde = Serde.optional(Self.third.serde)
        #expect(try serde.serialize(nil) == nil)
        #expect(try serde.deserialize(nil) == nil)
        #expect(try serde.deserialize(try Self.second.serde.serialize(Second(cents: 7)))?.cents == 7)
        #expect(throws: SerdeError.self) { try serde.serialize(Third(cents: 1, currency: "CHF"), component: .key) }
    }

    @Test func `X-16 a store's values change form key by key, as they are written again`() throws {
        let fixture = StoreFixture(.keyValue)
        func store<Value>(_ serde: Serde<Value>) -> KeyValueStore<String, Value> {
            KeyValueStore(fixture.bytes, keySerde: .string, valueSerde: serde, context: fixture.context)
        }
        func form(_ key: String) throws -> UInt8? {
            try Array(key.utf8).withUnsafeBytes {
                try fixture.bytes.value(of: $0).map { TimestampedValue.plain($0)[0] }
            }
        }

        let old = store(Self.first.serde)
        try old.set(First(euros: 1), of: "a")
        try old.set(First(euros: 2), of: "b")
        try fixture.commit()

        let new = store(Self.third.serde)
        #expect(try new.value(of: "a")?.cents == 100)
        #expect(try new.all().map(\.value.cents) == [100, 200])
        #expect(try form("a") == 1)
        try new.set(Third(cents: 101, currency: "CHF"), of: "a")
        try fixture.commit()
        #expect(try form("a") == 3)
        #expect(try form("b") == 1)
        #expect(try new.all().map(\.value.cents) == [101, 200])
        #expect(fixture.output.records.map { $0.value?[0] } == [1, 1, 3])

        #expect(throws: SerdeVersionError.self) { try old.value(of: "a") }
    }
}
