using Grpc.Core;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>Makes calls that are expected to fail, under a deadline so that a hanging one fails the test.</summary>
internal static class Calls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static DateTime Deadline => DateTime.UtcNow + Patience;

    public static async Task<RpcException> FailGetHostAsync(this Failback.FailbackClient client) =>
        await Should.ThrowAsync<RpcException>(async () => await client.GetHostAsync(new GetHostRequest(), deadline: Deadline));

    public static async Task<RpcFailure> FailureOfGetHostAsync(this Failback.FailbackClient client) => RpcFailure.From(await client.FailGetHostAsync());
}
