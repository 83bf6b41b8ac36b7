using Google.Protobuf;
using Grpc.Core;

namespace HostAgent.Coordinator.Runs;

/// <summary>Where a command comes from, as the audit records it.</summary>
/// <param name="Caller">Who, and from where.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The resource name that it was called on.</param>
/// <param name="Request">The whole request.</param>
internal sealed record CommandOrigin(Caller Caller, string Method, string Target, IMessage Request)
{
    /// <summary>The origin of a call.</summary>
    public static CommandOrigin Of(ServerCallContext context, string target, IMessage request) =>
        new(Caller.Of(context), context.Method[(context.Method.LastIndexOf('/') + 1)..], target, request);
}
