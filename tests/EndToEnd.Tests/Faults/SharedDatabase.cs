using System.Globalization;
using HostAgent.Tests.Shared;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>What tests of coordinators on one PostgreSQL have in common.</summary>
internal static class SharedDatabase
{
    /// <summary>A campaign over all hosts that outlasts whatever is done to its coordinators.</summary>
    public static string Campaign(string name) => $$$"""
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: {{{name}}}}
        spec:
          targets: [{hosts: {}}]
          strategy: initiate-failback
          limits: {campaign: 8, host: 2}
          retry: {attempts: 20, initial: 1s, factor: 1, max: 1s}
          timeouts: {unreachable: 5m}
        """;

    /// <summary>The settings of a coordinator that stands by for others.</summary>
    /// <param name="server">The server.</param>
    /// <param name="database">The database.</param>
    /// <param name="patience">Whether it waits longer than by default before it takes over: a machine that is busy with other tests may keep a process waiting for some seconds.</param>
    public static string[] Standby(PostgreSqlServer server, string database, bool patience = true) =>
    [
        "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Port", server.Port.ToString(CultureInfo.InvariantCulture),
        "--Coordinator:Store:Database", database, "--Coordinator:Store:User", "postgres", "--standby", "true",
        .. patience ? (string[])["--Coordinator:Store:TakeOverAfter", "00:00:06"] : [],
    ];
}
