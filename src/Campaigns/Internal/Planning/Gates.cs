using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Internal.Planning;

internal static class Gates
{
    public static string InWords(GateSpec? gate)
    {
        var parts = new List<string>(2);
        if (gate is { Approvers.Count: > 0 })
        {
            parts.Add("approval by " + string.Join(" or ", gate.Approvers));
        }

        if (gate is not null && gate.Soak > TimeSpan.Zero)
        {
            parts.Add("soak of " + DurationText.Write(gate.Soak));
        }

        return string.Join(" and ", parts);
    }
}
