import Glibc

/// An operating system thread that the test waits for.
final class Thread: @unchecked Sendable {
    // Unchecked: written before anybody else sees the object.
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        pthread_create(
            &thread, nil,
            { box in
                guard let box else { return nil }
                Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body()
                return nil
            },
            Unmanaged.passRetained(Box(body)).toOpaque()
        )
    }

    func join() {
        pthread_join(thread, nil)
    }
}
