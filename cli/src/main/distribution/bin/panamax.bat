@echo off
rem Starts Panamax with its own Java if it has one, else with that of JAVA_HOME, else with the one on the path.
rem JAVA_OPTS has further options of Java, such as -Xmx8g.
setlocal
set "HOME_DIR=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if exist "%HOME_DIR%\runtime\bin\java.exe" set "JAVA=%HOME_DIR%\runtime\bin\java"
"%JAVA%" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -jar "%HOME_DIR%\panamax.jar" %*
exit /b %ERRORLEVEL%
