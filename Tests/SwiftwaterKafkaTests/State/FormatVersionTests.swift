import Foundation
import Swiftwater
import Testing

@testable import SwiftwaterKafka

/// Forms of our own say which they are, and one that is not known is never read as if it were (Design/Formats).
@Suite struct FormatVersionTests {
    let folder = StateFolder()

    private func window(_ retention: Duration) throws -> StoreDefinition {
        let builder = StreamsBuilder()
        _ = builder.stream("in", key: .string, value: .string).groupByKey()
            .windowedBy(.tumbling(retention)).count(as: Materialized("windows"))
        return try #require(try builder.build().stores.first)
    }

    @Test func `TP-08 a store's layout tells its kind, its version and how it groups by time`() throws {
        #expect(try window(.seconds(60)).layout == "window 1, groups of 60000")
        #expect(try window(.seconds(600)).layout == "window 1, groups of 300000")
        let table = StoreDefinition(name: "t", kind: .timestampedKeyValue)
        #expect(table.layout == "key-value 1")
    }

    @Test func `TP-08 files of another layout are discarded, those of the same are kept`() throws {
        func open(_ retention: Duration) throws -> StateOrigin {
            let directory = try folder.open()
            let backend = try directory.open(TaskID(subtopology: 0, partition: 0), [try window(retention)])
            try backend.commit([([1], [2])])
            try backend.close()
            return backend.origin
        }
        #expect(try open(.seconds(60)) == .new)
        #expect(try open(.seconds(60)) == .kept)
        #expect(try open(.seconds(600)) == .discarded(.otherChangelogs))
        #expect(try open(.seconds(600)) == .kept)
    }

    @Test func `TP-08 a mark of another format is not trusted`() throws {
        let path: String
        do {
            let directory = try folder.open()
            path = directory.path
            let backend = try directory.stores("counts")
            try backend.commit([([1], [2])])
            try backend.close()
        }
        let file = "\(path)/0_0/\(StateMark.fileName)"
        let mark = try String(contentsOfFile: file, encoding: .utf8)
        #expect(mark.contains("\"format\":1"))
        try mark.replacing("\"format\":1", with: "\"format\":2").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try folder.open().stores("counts").origin == .discarded(.otherFormat(2)))
    }

    @Test func `TP-08 an identity of a later version is refused and left as it is`() throws {
        let path = try folder.open().path
        let file = "\(path)/\(ProcessIdentity.fileName)"
        let later = try String(contentsOfFile: file, encoding: .utf8)
            .replacing("\"version\":1", with: "\"version\":2")
        try later.write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: StreamsError.self) { try folder.open() }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains("version 2") == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == later)
    }

    @Test func `TP-08 a client id of another form is none of ours`() {
        let own = ClientID(applicationID: "app", processID: "p", thread: 0, endpoint: "", planHash: 7)
        #expect(ClientID(own.description) == own)
        #expect(ClientID(own.description + "|more") == nil)
    }
}
