import Foundation
import Testing

@testable import SwiftwaterBroker

@Suite struct DataDirectoryTests {
    @Test func `TP-08 a directory of a later form is refused and left as it is`() throws {
        let path = NSTemporaryDirectory() + "broker-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try DataDirectory(path: path).close()
        let file = "\(path)/format"
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "1\n")
        try DataDirectory(path: path).close()
        try "2\n".write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: BrokerError.self) { _ = try DataDirectory(path: path) }
        #expect("\(String(describing: error))".contains("2"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "2\n")
        // Nothing is locked behind the refusal.
        try "1\n".write(toFile: file, atomically: true, encoding: .utf8)
        try DataDirectory(path: path).close()
    }
}
