import CRDKafka
import Dispatch

/// Destroys a client without waiting for ever.
///
/// `rd_kafka_destroy` joins librdkafka's threads, and 2.0.2 can hang in it (#4187, #4724). So it runs on a thread of its own
/// that also keeps the callbacks' state alive; when the time is over the client is abandoned to that thread.
@safe
struct ClientDestruction: @unchecked Sendable {  // moved to one thread, which is then the only one that touches it
    private let client: OpaquePointer
    private let state: ClientState
    private let flags: Int32

    /// - Returns: whether the client was gone before the limit.
    @discardableResult
    static func run(
        _ client: OpaquePointer, keeping state: ClientState, flags: Int32 = 0, limit: Duration
    ) -> Bool {
        let destruction = unsafe ClientDestruction(client: client, state: state, flags: flags)
        let done = DispatchSemaphore(value: 0)
        // A queue of its own gets a thread at once; the global one may be full of blocked work.
        DispatchQueue(label: "swiftwater.rdkafka.destroy").async {
            destruction.destroy()
            done.signal()
        }
        return done.wait(timeout: .now() + .milliseconds(Int(limit.milliseconds))) == .success
    }

    private func destroy() {
        unsafe rd_kafka_destroy_flags(client, flags)
        withExtendedLifetime(state) {}
    }
}
