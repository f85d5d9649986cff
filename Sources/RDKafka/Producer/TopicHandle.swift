/// A topic as a producer knows it: what `produce` takes instead of a name. Belongs to the producer that made it.
package struct TopicHandle: Hashable, Sendable {
    let index: Int32
}
