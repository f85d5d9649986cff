internal import Foundation
internal import Swiftwater

/// The id a process keeps over restarts, bound to its machine and directory.
///
/// Transactional ids are made of it, so two processes must never share one. The machine and the inode of the directory stand
/// beside it: a directory that was copied or restored from a backup does not match and gets an id of its own.
struct ProcessIdentity: Codable, Equatable {
    static let fileName = "kafka-streams-process-metadata"

    /// The form of the file; a later one is refused.
    static let currentVersion = 1

    var processId: String
    var version = Self.currentVersion
    var applicationId: String
    var machine: String
    var inode: UInt64

    init(applicationID: String, directory: String) throws {
        processId = UUID().uuidString.lowercased()
        applicationId = applicationID
        machine = Machine.identity
        inode = try FileStatus(directory).inode
    }

    /// Reads the identity of a directory, or makes it; the second value is the id of the directory this one was copied from.
    static func open(_ directory: String, applicationID: String) throws -> (ProcessIdentity, copiedFrom: String?) {
        let path = "\(directory)/\(fileName)"
        var current = try ProcessIdentity(applicationID: applicationID, directory: directory)
        var original: String?
        if let data = FileManager.default.contents(atPath: path) {
            guard let stored = try? JSONDecoder().decode(ProcessIdentity.self, from: data) else {
                throw StreamsError(
                    .stateDirectory,
                    "\(path) is not a file of Swiftwater: give this application a state directory of its own, or remove the file"
                )
            }
            guard stored.version <= currentVersion else {
                throw StreamsError(
                    .stateDirectory,
                    "\(path) is of version \(stored.version), this one knows \(currentVersion): a later Swiftwater wrote it, use that"
                )
            }
            guard stored.applicationId == applicationID else {
                throw StreamsError(
                    .stateDirectory,
                    """
                    \(directory) holds the state of application '\(stored.applicationId)', not of '\(applicationID)': \
                    set another state directory or the right application id
                    """
                )
            }
            if stored.machine == current.machine && stored.inode == current.inode {
                current.processId = stored.processId
                return (current, nil)
            }
            original = stored.processId
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try DurableFile.replace(path, with: Array(encoder.encode(current)))
        return (current, original)
    }
}
