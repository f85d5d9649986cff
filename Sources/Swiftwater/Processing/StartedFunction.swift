/// A function of a processor, which its user makes once the task's stores are restored: what it reads there meanwhile is whole.
final class StartedFunction<Function> {
    private let place: StreamsError.Place
    private var function: Function?

    init(place: StreamsError.Place) {
        self.place = place
    }

    func start(_ make: () throws -> Function) throws {
        do {
            function = try make()
        } catch let error as StreamsError {
            throw error
        } catch {
            throw StreamsError(.processing, "the processor could not be made", at: place, cause: error)
        }
    }

    @inline(__always)
    func get() throws -> Function {
        if let function { return function }
        throw StreamsError(.internal, "a processor is called before its task has started", at: place)
    }
}
