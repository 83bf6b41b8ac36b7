using System.Globalization;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>The inputs that a forecast would have to invent.</summary>
internal static class MissingFacts
{
    private const int MaxExamples = 10;

    public static IReadOnlyList<MissingFact> Of(ForecastRequest request)
    {
        var missing = new List<MissingFact>();
        var items = request.Plan.Items;
        if (items.Count == 0)
        {
            missing.Add(new MissingFact("items", "The campaign has no items: there is nothing to forecast.", 0, []));
            return missing;
        }

        if (request.Spec is { TestFailover: not null } or { PlannedDrill: not null })
        {
            // What a test or a drill takes does not depend on the machines' disks.
            return missing;
        }

        if (request.Spec.HostToHost is not null && request.Assumptions.Rate is null)
        {
            missing.Add(new MissingFact(
                "comparison rate",
                "How fast two hosts compare the disks of a machine and send what differs is not measured; assume a rate (bytes of disk size a second).",
                0,
                []));
        }
        else if (request.Samples.Count == 0 && request.Assumptions.Rate is null)
        {
            missing.Add(new MissingFact(
                "failback rate",
                "No earlier campaign has measured a failback of a machine whose disk size is known; assume a rate (bytes of disk size a second), or run a canary first.",
                0,
                []));
        }

        var unknown = request.Assumptions.DiskBytes is null ? items.Where(item => item.DiskBytes <= 0).ToList() : [];
        if (unknown.Count > 0)
        {
            missing.Add(new MissingFact(
                "disk size",
                string.Create(CultureInfo.InvariantCulture, $"The hosts do not report the disk size of {unknown.Count} of {items.Count} machines; assume a size for them."),
                unknown.Count,
                [.. unknown.Take(MaxExamples).Select(NameOf)]));
        }

        return missing;
    }

    private static string NameOf(PlannedItem item) => $"{item.VirtualMachineName} on {item.Host}";
}
