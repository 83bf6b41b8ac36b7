using System.Globalization;
using System.Text;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback.Estates;

/// <summary>The coordinator's inventory of an estate whose agents run on this machine.</summary>
internal static class EstateInventory
{
    /// <summary>The inventory of the hosts with their agents' addresses.</summary>
    public static string Write(Estate estate, IReadOnlyDictionary<string, Uri> addresses)
    {
        var text = new StringBuilder("apiVersion: failback/v1\nkind: Inventory\nhosts:\n");
        foreach (var host in estate.Hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - name: {host.Name}\n")
                .Append(CultureInfo.InvariantCulture, $"    address: {addresses[host.Name].GetLeftPart(UriPartial.Authority)}\n")
                .Append(CultureInfo.InvariantCulture, $"    site: {host.Site}\n");

            // Nothing returns from a host at home.
            if (!estate.Pairs.Any(pair => string.Equals(pair.Home, host.Name, StringComparison.OrdinalIgnoreCase)))
            {
                text.Append(CultureInfo.InvariantCulture, $"    primarySite: {host.PrimarySite}\n");
            }
        }

        return text.ToString();
    }
}
