internal import Synchronization

/// Whether records without a key go through a topic: if one of the joins behind it has results for them (S-28).
///
/// Decided while the topology is being told, and asked by the tasks that run it.
final class NullKeys: Sendable {
    private let kept = Atomic(false)

    var areKept: Bool { kept.load(ordering: .relaxed) }

    func keep() {
        kept.store(true, ordering: .relaxed)
    }
}
