using Google.Protobuf;

namespace HostAgent.Coordinator.Runs;

/// <summary>Where a command comes from, as the audit records it.</summary>
/// <param name="Caller">Who, and from where.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The resource name that it was called on.</param>
/// <param name="Request">The whole request.</param>
internal sealed record CommandOrigin(Caller Caller, string Method, string Target, IMessage Request);
