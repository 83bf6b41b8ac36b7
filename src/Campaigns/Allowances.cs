using HostAgent.Campaigns.Rules;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <summary>How much of a limit is used.</summary>
/// <param name="Limit">Which: campaign, host, site, link, tenant or switch.</param>
/// <param name="Subject">Of what: a host, a site, a link, a tenant; empty when it is the campaign.</param>
/// <param name="Used">How many items are in flight under it.</param>
/// <param name="Allowed">How many may be.</param>
public sealed record LimitUse(string Limit, string Subject, int Used, int Allowed);

/// <summary>What a campaign may still do: failures that it survives, items that may be in flight.</summary>
public static class Allowances
{
    /// <summary>The failures that count against the tolerance, and how many are tolerated: one more is a breach. After a breach and a resumption they are counted from zero.</summary>
    public static (int Failures, int Tolerated) Budget(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return (state.Failures, state.Spec is { } spec ? Tolerance.Of(state, spec.Tolerance.Failures) : 0);
    }

    /// <summary>The limits under which items are in flight, the fullest first. A limit that the document leaves open is none.</summary>
    public static IReadOnlyList<LimitUse> InUse(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return
        [
            .. Uses(state)
                .Where(use => use is { Used: > 0, Allowed: < int.MaxValue })
                .OrderByDescending(use => (double)use.Used / use.Allowed).ThenBy(use => use.Limit, StringComparer.Ordinal).ThenBy(use => use.Subject, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<LimitUse> Uses(CampaignState state) =>
    [
        new("campaign", "", state.Whole.InFlight, state.Whole.Limit),
        new("switch", "", state.Switches.InFlight, state.Switches.Limit),
        .. state.Hosts.Select(host => new LimitUse("host", host.Name, host.Load, host.Limit)),
        .. state.Sites.Select(site => new LimitUse("site", site.Name, site.Load, site.Limit)),
        .. state.Groups.Select(group => new LimitUse(group.Kind, group.Key, group.Group.InFlight, group.Group.Limit)),
    ];
}
