; The same installer by Inno Setup 6. Not yet run: Inno Setup runs on Windows only.
;
;   iscc /DVersion=0.1.0 /DPayload=..\..\dist\sfumato sfumato.iss

#ifndef Version
  #error Say /DVersion=...
#endif
#ifndef Payload
  #error Say /DPayload=the frozen folder
#endif

[Setup]
AppId=Sfumato
AppName=Sfumato
AppVersion={#Version}
AppPublisher=The Sfumato developers
DefaultDirName={autopf}\Sfumato
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
LicenseFile={#Payload}\lib\LICENSE
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
DisableProgramGroupPage=yes
UninstallDisplayIcon={app}\sfumato-desktop.exe
OutputBaseFilename=sfumato-{#Version}-setup
Compression=lzma2
SolidCompression=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ko"; MessagesFile: "compiler:Languages\Korean.isl"

[InstallDelete]
Type: filesandordirs; Name: "{app}\lib"

[Files]
Source: "{#Payload}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Sfumato"; Filename: "{app}\sfumato-desktop.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\.sfumato"; ValueType: string; ValueData: "Sfumato.Document"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Sfumato.Document"; ValueType: string; ValueData: "Sfumato document"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Sfumato.Document\shell\open\command"; ValueType: string; ValueData: """{app}\sfumato-desktop.exe"" ""%1"""
