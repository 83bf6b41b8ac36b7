using System.Xml;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Tests.Cim.Xml;

public sealed class CimXmlRoundTripTests
{
    private static readonly Gen<string> Texts = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get)
        .Where(s => s.Where((c, i) => char.IsSurrogate(c) || !XmlConvert.IsXmlChar(c)).All(_ => false));

    private static readonly Gen<object> Times = Gen.OneOf(
        Generate.Between(TimeSpan.TicksPerDay / 10, new DateTime(9000, 1, 1).Ticks / 10).Select(m => (object)new DateTimeOffset(m * 10, TimeSpan.Zero)),
        Generate.Between(0, TimeSpan.TicksPerDay * 100).Select(m => (object)TimeSpan.FromTicks(m * 10)));

    private static readonly Gen<object> Scalars = Gen.OneOf(
        Texts.Select(s => (object)s),
        Times,
        Boxed<bool>(), Boxed<byte>(), Boxed<sbyte>(), Boxed<short>(), Boxed<ushort>(), Boxed<int>(), Boxed<uint>(), Boxed<long>(), Boxed<ulong>(),
        Boxed<double>(), Boxed<float>(),
        Texts.Select(s => (object)CimObjectPath.ForKey("Msvm_ComputerSystem", "Name", s, @"root\virtualization\v2", "HV-01")));

    private static readonly Gen<object> Arrays = Gen.OneOf(
        Texts.ArrayOf().Select(a => (object)a),
        ArbMap.Default.GeneratorFor<ushort[]>().Select(a => (object)a),
        ArbMap.Default.GeneratorFor<bool[]>().Select(a => (object)a),
        ArbMap.Default.GeneratorFor<ulong[]>().Select(a => (object)a));

    [Property(MaxTest = 500)]
    public Property An_instance_is_read_back_equal() => Prop.ForAll(Instances(2).ToArbitrary(), instance =>
    {
        var read = CimXmlText.Read(CimXmlText.Write(instance));
        AssertSame(instance, read);
    });

    [Fact]
    public void Null_and_empty_stay_different()
    {
        var declaration = new CimClass("C", [new("Null", CimType.String), new("NullArray", CimType.UInt16, IsArray: true)]);
        var instance = new CimInstance(null, "C",
            [new("Null", null), new("Empty", ""), new("NullArray", null), new("EmptyArray", Array.Empty<ushort>()), new("Unknown", null)]);
        var text = CimXmlText.Write(instance, declaration);
        var read = CimXmlText.Read(text);
        text.ShouldContain("<PROPERTY NAME=\"Null\" TYPE=\"string\" />");
        text.ShouldContain("<PROPERTY.ARRAY NAME=\"NullArray\" TYPE=\"uint16\" />");
        read["Null"].ShouldBeNull();
        read["Empty"].ShouldBe("");
        read["NullArray"].ShouldBeNull();
        read["EmptyArray"].ShouldBe(Array.Empty<ushort>());
        read.Properties.ContainsKey("Null").ShouldBeTrue();
        read.Properties.ContainsKey("Unknown").ShouldBeFalse("a null property of unknown type is left out, which means the same");
    }

    private static Gen<object> Boxed<T>()
        where T : struct => ArbMap.Default.GeneratorFor<T>().Select(v => (object)v);

    private static Gen<CimInstance> Instances(int depth)
    {
        var values = depth == 0 ? Gen.OneOf(Scalars, Arrays) : Gen.OneOf(Scalars, Arrays, Instances(depth - 1).Select(i => (object)i));
        return Gen.Elements("InstanceID", "A", "B_1", "Notes", "Zeta").Zip(values).ListOf()
            .Select(l => new CimInstance(null, "Msvm_Test", l.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, (object?)p.Item2))));
    }

    private static void AssertSame(CimInstance expected, CimInstance actual)
    {
        actual.ClassName.ShouldBe(expected.ClassName);
        actual.Properties.Keys.ShouldBe(expected.Properties.Keys, ignoreOrder: true);
        foreach (var (name, value) in expected.Properties)
        {
            if (value is CimInstance embedded)
            {
                AssertSame(embedded, actual[name].ShouldBeOfType<CimInstance>());
            }
            else
            {
                actual[name]!.GetType().ShouldBe(value!.GetType());
                actual[name].ShouldBe(value);
            }
        }
    }
}
