using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Coordinator.Planning;

/// <summary>Which hosts have to be asked: those that a selector may find machines on.</summary>
internal static class HostSelection
{
    /// <summary>Whether a host fits every part of a selector.</summary>
    public static bool Selects(HostSelector selector, EstateHost host) =>
        (selector.Name is null || string.Equals(selector.Name, host.Name, StringComparison.OrdinalIgnoreCase))
        && (selector.Site is null || string.Equals(selector.Site, host.Site, StringComparison.OrdinalIgnoreCase))
        && selector.Labels.All(label => host.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
