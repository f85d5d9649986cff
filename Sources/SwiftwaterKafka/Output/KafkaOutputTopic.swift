internal import RDKafka
internal import Swiftwater

/// What the producer knows of a topic, and for a changelog where each partition's offset is kept.
struct KafkaOutputTopic {
    let topic: OutputTopic
    let handle: TopicHandle
    /// By partition; empty for topics whose offsets nobody asks for.
    let slots: [Int]
}
