using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Rules;

/// <summary>Exponential pauses. The jitter comes from the operation's id: the same on every machine and in every replay.</summary>
internal static class Backoff
{
    public static TimeSpan Pause(RetrySpec retry, int failures, Guid operation)
    {
        var fraction = OperationId.Fraction(operation);
        return Pause(retry, failures) * (1 + (retry.Jitter * ((2 * fraction) - 1)));
    }

    public static TimeSpan Pause(RetrySpec retry, int failures)
    {
        // A power that overflows is infinite; Math.Min caps it.
        var seconds = retry.Initial.TotalSeconds * Math.Pow(retry.Factor, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, retry.Max.TotalSeconds));
    }
}
