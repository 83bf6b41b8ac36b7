using System.Runtime.CompilerServices;
using Dapper;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Dapper compiles its readers for each connection string, of which a test run with a directory for each journal has thousands.</summary>
internal static class OneDapperCache
{
    [ModuleInitializer]
    internal static void Use() => SqlMapper.ConnectionStringComparer = new Alike();

    private sealed class Alike : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => true;

        public int GetHashCode(string text) => 0;
    }
}
