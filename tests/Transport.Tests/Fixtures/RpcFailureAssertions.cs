namespace HostAgent.Transport.Tests.Fixtures;

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
