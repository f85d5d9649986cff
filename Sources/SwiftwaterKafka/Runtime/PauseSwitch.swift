internal import Synchronization

/// Whether an application is paused: set from anywhere, looked at by its threads between two turns (KIP-834).
final class PauseSwitch: Sendable {
    private let flag = Atomic<Bool>(false)

    var isOn: Bool { flag.load(ordering: .acquiring) }

    /// Returns whether that changed anything.
    func set(_ isOn: Bool) -> Bool { flag.exchange(isOn, ordering: .acquiringAndReleasing) != isOn }
}
