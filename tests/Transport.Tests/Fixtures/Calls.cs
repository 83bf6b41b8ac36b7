using Grpc.Core;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>Makes calls that are expected to fail, under a deadline so that a hanging one fails the test.</summary>
internal static class Calls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static DateTime Deadline => DateTime.UtcNow + Patience;

    public static async Task<RpcException> FailGetHostAsync(this Failback.FailbackClient client)
        => await Should.ThrowAsync<RpcException>(async () => await client.GetHostAsync(new GetHostRequest(), deadline: Deadline));

    public static async Task<RpcFailure> FailureOfGetHostAsync(this Failback.FailbackClient client) => RpcFailure.From(await client.FailGetHostAsync());
}

/// <summary>Waits for what comes about by itself, with a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Calls.Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}

internal static class RpcFailureAssertions
{
    public static void ShouldBeSameFailureAs(this RpcFailure actual, RpcFailure expected) => actual.ShouldSatisfyAllConditions(
        () => actual.StatusCode.ShouldBe(expected.StatusCode),
        () => actual.Reason.ShouldBe(expected.Reason),
        () => actual.Domain.ShouldBe(expected.Domain),
        () => actual.Message.ShouldBe(expected.Message),
        () => actual.Metadata.ShouldBe(expected.Metadata, ignoreOrder: true),
        () => actual.RetryDelay.ShouldBe(expected.RetryDelay),
        () => actual.FieldViolations.ShouldBe(expected.FieldViolations),
        () => actual.PreconditionViolations.ShouldBe(expected.PreconditionViolations));

    public static T ShouldHaveSingleItem<T>(this IEnumerable<T> items, Func<T, bool> condition) => items.Where(condition).ShouldHaveSingleItem();
}
