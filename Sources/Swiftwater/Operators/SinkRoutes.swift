/// What a sink that routes has found of its topics so far.
@usableFromInline
final class SinkRoutes<Key, Value> {
    @usableFromInline var receivers: [String: Receiver<Key, Value>] = [:]

    @usableFromInline
    init() {}
}
