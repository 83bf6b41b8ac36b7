using FsCheck;
using FsCheck.Fluent;

namespace HostAgent.HyperV.Tests.Cim;

/// <summary>Generators that FsCheck lacks.</summary>
internal static class Generate
{
    /// <summary>Whole numbers over the whole range, not only small ones.</summary>
    public static Gen<long> Between(long low, long high)
        => from upper in Gen.Choose(0, int.MaxValue)
           from lower in Gen.Choose(0, int.MaxValue)
           select low + ((((long)upper << 31) | (long)lower) % (high - low));
}
