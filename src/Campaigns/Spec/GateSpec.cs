using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>What must hold after a wave before the next one starts.</summary>
/// <param name="Approvers">Of whom one must approve; empty for nobody.</param>
/// <param name="Soak">How long is waited after the wave's last item became terminal.</param>
public sealed record GateSpec(IReadOnlyList<string> Approvers, TimeSpan Soak)
{
    /// <summary>The gate in words, for example <c>approval by ann or bob and soak of 10m</c>.</summary>
    /// <returns>The words.</returns>
    public string Describe()
    {
        var parts = new List<string>(2);
        if (Approvers.Count > 0)
        {
            parts.Add("approval by " + string.Join(" or ", Approvers));
        }

        if (Soak > TimeSpan.Zero)
        {
            parts.Add("soak of " + DurationText.Write(Soak));
        }

        return string.Join(" and ", parts);
    }
}
