/// What a serde may know of the record that it reads or writes.
public struct SerdeContext: Sendable {
    /// Which half of the record the bytes are.
    public enum Component: String, Sendable {
        /// The record's key.
        case key
        /// The record's value.
        case value
    }

    /// The topic that the bytes come from or go to; for a store, its changelog topic.
    public var topic: String
    /// Which half of the record the bytes are.
    public var component: Component
    /// The record's headers; what a serialiser adds goes out with the record.
    public var headers: Headers

    /// Creates a context.
    public init(topic: String, component: Component, headers: Headers = Headers()) {
        self.topic = topic
        self.component = component
        self.headers = headers
    }
}
