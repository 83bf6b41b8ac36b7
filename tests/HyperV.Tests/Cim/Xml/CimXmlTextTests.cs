using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Tests.Cim.Xml;

public sealed class CimXmlTextTests
{
    [Fact]
    public void Text_in_the_cim_flavour_is_read()
    {
        var settings = CimXmlText.Read("""
            <INSTANCE CLASSNAME="Msvm_ReplicationSettingData">
              <QUALIFIER NAME="dynamic" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER>
              <PROPERTY NAME="RecoveryHistory" CLASSORIGIN="Msvm_ReplicationSettingData" TYPE="uint16"><VALUE>4</VALUE></PROPERTY>
              <PROPERTY NAME="CompressionEnabled" TYPE="boolean"><QUALIFIER NAME="read" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER><VALUE>TRUE</VALUE></PROPERTY>
              <PROPERTY NAME="CertificateThumbPrint" PROPAGATED="true" TYPE="string"></PROPERTY>
              <PROPERTY NAME="AutoResynchronizeIntervalStart" TYPE="datetime"><VALUE>00000000183000.000000:000</VALUE></PROPERTY>
              <PROPERTY.ARRAY NAME="IncludedDisks" TYPE="string"><VALUE.ARRAY><VALUE>a &amp; b</VALUE><VALUE></VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
            </INSTANCE>
            """);
        settings.ClassName.ShouldBe("Msvm_ReplicationSettingData");
        settings["RecoveryHistory"].ShouldBe((ushort)4);
        settings["CompressionEnabled"].ShouldBe(true);
        settings["CertificateThumbPrint"].ShouldBeNull();
        settings["AutoResynchronizeIntervalStart"].ShouldBe(new TimeSpan(18, 30, 0));
        settings["IncludedDisks"].ShouldBe(new[] { "a & b", "" });
        settings.Properties.Count.ShouldBe(5);
    }

    [Fact]
    public void Text_in_the_wmi_flavour_is_read_without_its_system_properties()
    {
        var job = CimXmlText.Read("""
            <INSTANCE CLASSNAME="Msvm_ReplicationSettingData"><PROPERTY NAME="__PATH" CLASSORIGIN="___SYSTEM" TYPE="string"><VALUE>\\H\root\virtualization\v2:X</VALUE></PROPERTY>
            <PROPERTY.ARRAY NAME="__DERIVATION" CLASSORIGIN="___SYSTEM" TYPE="string"><VALUE.ARRAY><VALUE>CIM_ManagedElement</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
            <PROPERTY NAME="__GENUS" CLASSORIGIN="___SYSTEM" TYPE="sint32"><VALUE>2</VALUE></PROPERTY>
            <PROPERTY NAME="ElementName" CLASSORIGIN="CIM_ManagedElement" TYPE="string"><VALUE>sql-01</VALUE></PROPERTY>
            <PROPERTY.REFERENCE NAME="Parent" REFERENCECLASS="Msvm_ComputerSystem"><VALUE.REFERENCE>Msvm_ComputerSystem.Name="X"</VALUE.REFERENCE></PROPERTY.REFERENCE>
            <PROPERTY.OBJECT NAME="Inner"><VALUE.OBJECT><INSTANCE CLASSNAME="Inner"><PROPERTY NAME="A" TYPE="uint32"><VALUE>1</VALUE></PROPERTY></INSTANCE></VALUE.OBJECT></PROPERTY.OBJECT>
            </INSTANCE>
            """);
        job.Properties.Keys.ShouldBe(["ElementName", "Parent", "Inner"], ignoreOrder: true);
        job["Parent"].ShouldBe(CimObjectPath.ForKey("Msvm_ComputerSystem", "Name", "X"));
        ((CimInstance)job["Inner"]!)["A"].ShouldBe(1U);
    }

    [Fact]
    public void Booleans_and_embedded_quotes_are_written_as_windows_writes_them()
        => CimXmlText.Write(new CimInstance(null, "C", [new("B", true), new("S", "a<b>&\"c\"\r\n")]))
            .ShouldBe("<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"B\" TYPE=\"boolean\"><VALUE>TRUE</VALUE></PROPERTY>"
                + "<PROPERTY NAME=\"S\" TYPE=\"string\"><VALUE>a&lt;b&gt;&amp;\"c\"&#xD;\n</VALUE></PROPERTY></INSTANCE>");

    [Theory]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='uint16'><VALUE>many</VALUE></PROPERTY></INSTANCE>", "'many' is not a uint16")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='uint16'><VALUE>65536</VALUE></PROPERTY></INSTANCE>", "'65536' is not a uint16")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='boolean'><VALUE>yes</VALUE></PROPERTY></INSTANCE>", "'yes' is not a boolean")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='datetime'><VALUE>soon</VALUE></PROPERTY></INSTANCE>", "'soon' is not a datetime")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY.ARRAY NAME='P' TYPE='uint16'><VALUE.ARRAY><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>", "cannot contain null")]
    public void A_value_of_the_wrong_type_names_class_and_property(string text, string words)
    {
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Read(text));
        refusal.Problem.ShouldBe(CimXmlProblem.WrongType);
        refusal.Message.ShouldStartWith("C.P ");
        refusal.Message.ShouldContain(words);
        (refusal.ClassName, refusal.Property).ShouldBe(("C", "P"));
    }

    [Theory]
    [InlineData("", "Root element")]
    [InlineData("settings", "Data at the root")]
    [InlineData("<CLASS NAME='C'/>", "INSTANCE")]
    [InlineData("<INSTANCE/>", "CLASSNAME")]
    [InlineData("<INSTANCE CLASSNAME='C'/><INSTANCE CLASSNAME='C'/>", "multiple root")]
    [InlineData("<INSTANCE CLASSNAME='C'>text</INSTANCE>", "'text'")]
    [InlineData("<INSTANCE CLASSNAME='C'><METHOD NAME='M'/></INSTANCE>", "'METHOD'")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY TYPE='string'/></INSTANCE>", "no NAME")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P'/></INSTANCE>", "not a CIM type")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='money'/></INSTANCE>", "'money'")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'/><PROPERTY NAME='p' TYPE='string'/></INSTANCE>", "twice")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'><VALUE>a</VALUE><VALUE>b</VALUE></PROPERTY></INSTANCE>", "two values")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'><VALUE.ARRAY/></PROPERTY></INSTANCE>", "VALUE.ARRAY")]
    [InlineData("<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='string'><VALUE>a<b/></VALUE></PROPERTY></INSTANCE>", "contains 'b'; only text is allowed")]
    public void What_is_not_an_instance_is_refused_with_the_reason(string text, string words)
    {
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Read(text));
        refusal.Problem.ShouldBe(CimXmlProblem.Malformed);
        refusal.Message.ShouldContain(words);
    }

    [Fact]
    public void A_value_that_the_class_declares_otherwise_cannot_be_written()
    {
        var declaration = new CimClass("C", [new("P", CimType.UInt16)]);
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Write(new CimInstance(null, "C", [new("P", 4)]), declaration));
        refusal.Message.ShouldBe("C.P is a sint32, but the class declares it as uint16.");
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("\u0007")]
    [InlineData("\uFFFF")]
    public void A_character_that_xml_lacks_cannot_be_written(string text)
    {
        var refusal = Should.Throw<CimXmlException>(() => CimXmlText.Write(new CimInstance(null, "C", [new("P", text)])));
        refusal.Message.ShouldStartWith("C.P ");
    }

    [Fact]
    public void Half_of_a_surrogate_pair_cannot_be_written()
        => Should.Throw<CimXmlException>(() => CimXmlText.Write(new CimInstance(null, "C", [new("P", "a\uD800b")])));

    [Fact]
    public void A_type_that_cim_lacks_cannot_be_written()
        => Should.Throw<CimXmlException>(() => CimXmlText.Write(new CimInstance(null, "C", [new("P", Guid.Empty)])))
            .Problem.ShouldBe(CimXmlProblem.WrongType);
}
