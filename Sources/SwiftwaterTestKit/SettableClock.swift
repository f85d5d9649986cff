import Swiftwater

/// A wall clock that stands still until it is moved.
final class SettableClock: WallClock {
    var time: Timestamp

    init(_ time: Timestamp) {
        self.time = time
    }

    func now() -> Timestamp { time }
}
