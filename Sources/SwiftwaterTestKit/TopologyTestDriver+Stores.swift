public import Swiftwater

extension TopologyTestDriver {
    /// A view of a window store; throws ``StreamsError/Code/invalidStateStore`` if there is none of that name and kind.
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - key: how keys are read.
    ///   - value: how values are read.
    ///   - windowSize: tells the ends of windows, which the store does not keep.
    public func windowStore<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        windowSize: Duration = .zero
    ) throws -> WindowStore<Key, Value> {
        try task(ofStore: name).windowStore(named: name, key: key, value: value, windowSize: windowSize)
    }

    /// A view of a session store; throws ``StreamsError/Code/invalidStateStore`` if there is none of that name and kind.
    public func sessionStore<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> SessionStore<Key, Value> {
        try task(ofStore: name).sessionStore(named: name, key: key, value: value)
    }
}
