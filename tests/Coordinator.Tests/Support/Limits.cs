namespace HostAgent.Coordinator.Tests.Support;

internal static class Limits
{
    /// <summary>After which a test gives up. Long, since machines that run tests are busy; reached only by a test that fails.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);
}
