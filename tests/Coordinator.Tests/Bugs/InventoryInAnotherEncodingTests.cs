using System.Text;
using HostAgent.Coordinator.Hosting;
using HostAgent.Coordinator.Options;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>An inventory in Windows-1252 was taken, with another site than its author wrote.</summary>
public sealed class InventoryInAnotherEncodingTests
{
    [Fact]
    public void It_is_refused_with_the_place_of_the_first_byte()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Encoding.Latin1.GetBytes("hosts:\n  - {name: a, site: münchen}\n"));
            var errors = new List<string>();
            CoordinatorSettings.ReadInventory(new CoordinatorOptions { Inventory = file }, errors).ShouldBeEmpty();
            errors.ShouldHaveSingleItem().ShouldStartWith($"{file}:2:22: the byte 0xFC is not valid UTF-8");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
