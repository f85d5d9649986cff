import Swiftwater
import SwiftwaterKafka
import SwiftwaterTestKit
import Testing

@Suite struct ErrorExamples {
    @Test func `handlers of an application`() {
        var configuration = StreamsConfiguration(applicationID: "orders", bootstrapServers: ["localhost:9092"])
        configuration.deserializationHandler = .logAndContinue
        configuration.processingHandler = .logAndContinue
        configuration.deadLetterTopic = "orders-dead-letters"
        #expect(configuration.deadLetterTopic == "orders-dead-letters")
    }

    @Test func `a handler of one's own`() throws {
        struct SkipTooOld: DeserializationExceptionHandler {
            func handle(_ failure: DeserializationFailure) -> ExceptionResponse {
                failure.origin.timestamp < 1_700_000_000_000 ? .resume(deadLetters: []) : .fail
            }
        }
        let failure = DeserializationFailure(
            origin: RecordOrigin(metadata: nil, timestamp: 5), task: TaskID(subtopology: 0, partition: 0),
            node: "source",
            error: CancellationError())
        #expect(SkipTooOld().handle(failure).action == .resume)
    }
}
