using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>Builds small estates: <c>Estate.Of("hv-1: sql-1 app-1", "hv-2: sql-2")</c>; the machines' ids follow from their names.</summary>
internal static class Estate
{
    public static EstateView Of(params string[] hosts) => new([.. hosts.Select(line => Host(line))]);

    public static EstateHost Host(string line, string site = "west", string primarySite = "east", string tenant = "")
    {
        var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
        return new EstateHost
        {
            Name = parts[0],
            Site = site,
            PrimarySite = primarySite,
            Tenant = tenant,
            VirtualMachines = [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Machine(name))],
        };
    }

    public static EstateVirtualMachine Machine(string name, string? ineligible = null)
        => new() { Id = IdOf(name), Name = name, IneligibleReason = ineligible, DiskBytes = 1024 };

    /// <summary>The estate, and one host in the east that is the home of all its machines.</summary>
    public static EstateView WithHome(EstateView estate, string home) => new(
    [
        .. estate.Hosts,
        new EstateHost
        {
            Name = home,
            Site = "east",
            VirtualMachines = [.. estate.Hosts.SelectMany(host => host.VirtualMachines).Select(machine => machine with { IneligibleReason = "production does not run here" })],
        },
    ]);

    public static Guid IdOf(string name) => OperationId.Of(Guid.Empty, name, 1);

    public static string ItemOf(string name) => IdOf(name).ToString("D");

    /// <summary>Hosts h0, h1 … with machines m0-0, m0-1 … each.</summary>
    public static EstateView Uniform(int hosts, int machines)
        => Of([.. Enumerable.Range(0, hosts).Select(host => string.Create(CultureInfo.InvariantCulture, $"h{host}: ")
            + string.Join(' ', Enumerable.Range(0, machines).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{host}-{machine}"))))]);
}
