import Foundation
import Swiftwater
import SwiftwaterKafka
import Testing

@Suite struct StateDirectoryTests {
    let folder = StateFolder()

    @Test func `ST-21 the process id stays over restarts`() throws {
        let first = try folder.open().processID
        #expect(try folder.open().processID == first)
        #expect(try folder.open().copiedFrom == nil)
        #expect(try folder.open("other").processID != first)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/app/kafka-streams-process-metadata"))
    }

    @Test func `a copied directory gets an identity of its own and says whose copy it is`() throws {
        let original = try folder.open().processID
        let copy = StateFolder()
        try FileManager.default.copyItem(atPath: folder.path + "/app", toPath: copy.path + "/app")
        let copied = try copy.open()
        #expect(copied.processID != original)
        #expect(copied.copiedFrom == original)
        let id = copied.processID
        withExtendedLifetime(copied) {}
        #expect(try folder.open().processID == original)
        _ = id
    }

    @Test func `ST-21 a second use names process and host of the first`() throws {
        let first = try folder.open()
        let error = #expect(throws: StreamsError.self) { try folder.open() }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains("process \(getpid()) on \(ProcessInfo.processInfo.hostName)") == true)
        _ = first.processID
    }

    @Test func `another process is told whose directory it is`() async throws {
        let directory = try folder.open()
        let backend = try directory.stores("counts")
        await #expect(processExitsWith: .success) { [path = folder.path as String, parent = getpid() as Int32] in
            let error = #expect(throws: StreamsError.self) { try StateDirectory(root: path, applicationID: "app") }
            #expect(error?.code == .stateDirectory)
            #expect(error?.message.contains("process \(parent) on") == true)
        }
        try backend.commit(["a": "1"])
    }

    @Test func `the lock of a killed process is gone`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let directory = try StateDirectory(root: path, applicationID: "app")
            kill(getpid(), SIGKILL)
            _ = directory.processID
        }
        _ = try folder.open()
    }

    @Test func `the state of another application is refused`() throws {
        do {
            let backend = try folder.open().stores("counts")
            try backend.commit(["a": "1"])
            try backend.close()
        }
        try FileManager.default.moveItem(atPath: folder.path + "/app", toPath: folder.path + "/renamed")
        let error = #expect(throws: StreamsError.self) { try folder.open("renamed") }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains("'app'") == true)
    }

    @Test func `a task of another application is refused`() throws {
        do {
            let backend = try folder.open().stores("counts")
            try backend.close()
        }
        let other = try folder.open("other")
        try FileManager.default.moveItem(atPath: folder.path + "/app/0_0", toPath: folder.path + "/other/0_0")
        let error = #expect(throws: StreamsError.self) { try other.stores("counts") }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains("'app'") == true)
        #expect(error?.place.task == "0_0")
    }

    @Test(arguments: ["", ".", "..", "a/b", "../up"])
    func `an application id that is no folder name is refused`(id: String) {
        let error = #expect(throws: StreamsError.self) { try folder.open(id) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `a place that cannot be written is told with its path`() throws {
        let file = folder.path + "/file"
        _ = FileManager.default.createFile(atPath: file, contents: Data())
        let error = #expect(throws: StreamsError.self) { try StateDirectory(root: file, applicationID: "app") }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains(file) == true)
    }

    @Test func `one thread opens a task at a time`() throws {
        let directory = try folder.open()
        let backend = try directory.stores("counts")
        let error = #expect(throws: StreamsError.self) { try directory.stores("counts") }
        #expect(error?.code == .stateStore)
        try backend.close()
        _ = try directory.stores("counts")
    }

    @Test func `ST-21 TL-03 cleaning up removes tasks, keeps the identity, and is refused while a task is open`() throws
    {
        let directory = try folder.open()
        let backend = try directory.stores("counts", task: "0_1")
        try backend.commit(["a": "1"])
        #expect(try directory.taskNames() == ["0_1"])
        let error = #expect(throws: StreamsError.self) { try directory.cleanUp() }
        #expect(error?.code == .invalidState)
        try backend.close()
        try directory.cleanUp()
        #expect(try directory.taskNames() == [])
        let id = directory.processID
        #expect(try directory.stores("counts", task: "0_1").origin == .new)
        #expect(FileManager.default.fileExists(atPath: directory.path + "/kafka-streams-process-metadata"))
        #expect(directory.processID == id)
    }

    @Test func `ST-21 tasks that nobody has open are removed after the delay`() throws {
        let directory = try folder.open()
        let kept = try directory.stores("counts", task: "0_1")
        do { try directory.stores("counts", task: "0_2").close() }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        #expect(try directory.removeObsolete(unusedSince: .init(milliseconds: now.milliseconds - 60_000)) == [])
        #expect(try directory.removeObsolete(unusedSince: .init(milliseconds: now.milliseconds + 60_000)) == ["0_2"])
        #expect(try directory.taskNames() == ["0_1"])
        try kept.commit(["a": "1"])
    }

    @Test func `too few open files is told before tasks fail one by one`() throws {
        #expect(DescriptorLimit.raise() >= 1_024)
        let error = #expect(throws: StreamsError.self) { try DescriptorLimit.require(tasks: 1 << 40) }
        #expect(error?.message.contains("ulimit") == true)
        try DescriptorLimit.require(tasks: 10)
    }
}
