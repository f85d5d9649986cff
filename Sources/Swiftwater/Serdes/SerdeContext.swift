/// What a serde may know of the record that it reads or writes; a serialiser may add headers to it.
public final class SerdeContext {
    /// Which half of the record the bytes are.
    public enum Component: String, Sendable {
        /// The record's key.
        case key
        /// The record's value.
        case value
    }

    /// The topic that the bytes come from or go to; for a store, its changelog topic.
    public let topic: String
    /// Which half of the record the bytes are.
    public let component: Component
    /// The record's headers; what a serialiser adds goes out with the record.
    @inlinable
    public var headers: Headers {
        get { state.pointee }
        set { state.pointee = newValue }
    }

    /// Behind a pointer, so that no access has to be checked for exclusivity.
    @usableFromInline let state: UnsafeMutablePointer<Headers>

    /// Creates a context.
    public init(topic: String, component: Component, headers: Headers = Headers()) {
        self.topic = topic
        self.component = component
        state = .allocate(capacity: 1)
        state.initialize(to: headers)
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }
}
