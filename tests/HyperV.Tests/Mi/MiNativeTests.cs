using System.Runtime.CompilerServices;
using HostAgent.HyperV.Mi;

namespace HostAgent.HyperV.Tests.Mi;

/// <summary>The C interface stands as mi.h has it for 64 bits: a slot too many or too few calls another function.</summary>
public sealed class MiNativeTests
{
    [Fact]
    public void Structures_have_the_sizes_of_the_header()
    {
        Assert.SkipUnless(Environment.Is64BitProcess, "The library is bound in its 64-bit layout.");
        Unsafe.SizeOf<MiHandle>().ShouldBe(24);
        Unsafe.SizeOf<MiValue>().ShouldBe(40);
        Unsafe.SizeOf<MiDatetime>().ShouldBe(36);
        Unsafe.SizeOf<MiInterval>().ShouldBe(32);
    }

    /// <summary>The last slot that is declared is that of the function that is named.</summary>
    [Fact]
    public void Tables_end_at_the_slots_of_the_header()
    {
        Assert.SkipUnless(Environment.Is64BitProcess, "The library is bound in its 64-bit layout.");
        LastSlot<MiApplicationTable>().ShouldBe(5); // NewOperationOptions
        LastSlot<MiSessionTable>().ShouldBe(12); // GetClass
        LastSlot<MiOperationTable>().ShouldBe(5); // GetClass
        LastSlot<MiOperationOptionsTable>().ShouldBe(11); // SetInterval
        LastSlot<MiInstanceTable>().ShouldBe(15); // GetServerName
        LastSlot<MiClassTable>().ShouldBe(8); // GetMethodAt
        LastSlot<MiQualifierSetTable>().ShouldBe(2); // GetQualifier
        LastSlot<MiParameterSetTable>().ShouldBe(2); // GetParameterAt
    }

    private static int LastSlot<T>() => (Unsafe.SizeOf<T>() / 8) - 1;
}
