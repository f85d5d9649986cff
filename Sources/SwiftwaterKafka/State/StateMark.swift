internal import Foundation

/// The small file beside a task's environment that tells whether the environment can be trusted after a crash of the machine.
///
/// Commits are not flushed one by one. So before the first unflushed commit the mark says so, on disk, and names the boot and the
/// device; after the last flush it says "clean". Unclean and the same boot: only the process died, the page cache has everything.
/// Unclean and another boot or device: pages may be missing in any order.
struct StateMark: Codable, Equatable {
    enum Condition: String, Codable {
        case clean
        case unflushed
        /// Every commit is flushed.
        case durable
    }

    static let currentFormat = 1
    static let fileName = "swiftwater-state"

    var condition: Condition
    var boot: String
    var device: UInt64
    var format: Int
    var changelogs: String

    init(_ condition: Condition, directory: String, changelogs: String) throws {
        self.condition = condition
        boot = Machine.boot
        device = try FileStatus(directory).device
        format = Self.currentFormat
        self.changelogs = changelogs
    }

    static func read(in directory: String) -> StateMark? {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(fileName)") else { return nil }
        return try? JSONDecoder().decode(StateMark.self, from: data)
    }

    /// Replaces the mark; on disk when this returns.
    func write(in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try DurableFile.replace("\(directory)/\(Self.fileName)", with: Array(encoder.encode(self)))
    }

    /// Why the state beside this mark cannot be used by what opens it now; nil when it can.
    func objection(from current: StateMark) -> StateOrigin.Reason? {
        if format != current.format { return .otherFormat(format) }
        if changelogs != current.changelogs { return .otherChangelogs }
        guard condition == .unflushed else { return nil }
        if boot != current.boot { return .machineStopped }
        if device != current.device { return .otherDevice }
        return nil
    }
}
