import CRDKafka
import Synchronization

/// Ends a consumer's poll from any thread; does nothing once the consumer is closed.
@safe
package final class ConsumerWaker: Sendable {
    /// Guarded by the mutex, so that no thread yields a queue that closing has given back.
    @safe
    private struct Queue: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    private let queue: Mutex<Queue>
    /// librdkafka forgets a yield at the next look into the queue, which may be the one that does not wait.
    private let isAsked = Atomic<Bool>(false)

    init(_ client: OpaquePointer) {
        let pointer = unsafe Queue(pointer: rd_kafka_queue_get_consumer(client))
        queue = Mutex(pointer)
    }

    package func wake() {
        isAsked.store(true, ordering: .releasing)
        queue.withLock { queue in
            if let pointer = unsafe queue.pointer { unsafe rd_kafka_queue_yield(pointer) }
        }
    }

    /// Whether somebody asked since the last time.
    func take() -> Bool {
        isAsked.exchange(false, ordering: .acquiring)
    }

    func release() {
        queue.withLock { queue in
            if let pointer = unsafe queue.pointer { unsafe rd_kafka_queue_destroy(pointer) }
            unsafe queue.pointer = nil
        }
    }
}
